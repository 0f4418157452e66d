"""Discord as one of Weaver's platforms; nothing else in Weaver knows its library."""
