"""A reader's own network: a file of weights is read, examined, and told about in sentences."""
