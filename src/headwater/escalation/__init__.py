"""Cases that another team has to work on, in its own tracker."""
