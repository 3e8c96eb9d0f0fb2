"""What carries a notice: letters made of wording, signatures, SMTP, web requests, and reports of what bounced."""
