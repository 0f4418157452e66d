"""Draw a community's talk as SVG: reply share week by week, and the yarn of its activity."""
