"""The whole path measured on real servers, against its own stages alone (`make bench`)."""
