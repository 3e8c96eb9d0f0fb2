"""What can be asked about bills, invoices and payments; nothing of a case that is sealed to the reader."""
