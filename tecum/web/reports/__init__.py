"""Reports: the list, one of them with its pictures, deriving it again, and the officer's statement."""
