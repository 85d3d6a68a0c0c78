"""Rows -> what people and machines read: JSON, numbers in words, one verdict, one chart."""
