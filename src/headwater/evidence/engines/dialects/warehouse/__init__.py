"""What Trino, BigQuery and Snowflake share: rules over words that each fills in for itself."""
