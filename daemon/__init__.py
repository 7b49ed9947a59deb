"""What happens: letters come in, are decided on, and answers go out."""
