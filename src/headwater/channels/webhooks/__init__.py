"""Mail in over HTTP: what providers post, who may post it, and the mail in it."""
