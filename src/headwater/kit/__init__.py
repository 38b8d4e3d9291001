"""Small tools without domain words: ids, money, clock, errors."""
