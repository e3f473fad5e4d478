//! client-go's reflector cases and ours, as a table.
