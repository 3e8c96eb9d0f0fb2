"""The portal administrator's desk: people, agencies, customers and their consents."""
