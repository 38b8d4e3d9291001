"""Side conversations: mail with third parties inside a case, never the user's conversation."""
