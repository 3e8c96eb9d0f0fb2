"""Reading tables, printing, signing, stamping, packing."""
