"""What looks inside a file that a stranger wants judged: run only as the caged process that `examining` starts."""
