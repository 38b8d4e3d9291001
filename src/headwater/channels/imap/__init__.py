"""Mail in over IMAP: which mailboxes, how to sign in, taking new mail, waiting for more."""
