"""The billing clerk's pages: what waits to be invoiced, invoices, payments, figures."""
