"""Pictures drawn on the server as SVG; every one has its content as text beside it."""
