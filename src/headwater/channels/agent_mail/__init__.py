"""What agents do with cases by answering the mails that tell them of news."""
