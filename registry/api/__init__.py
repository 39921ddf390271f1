"""The REST face: HTTP in front of queries and record, with OpenAPI, problems and caching."""
