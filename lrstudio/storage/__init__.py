"""Files: experiments, exported data and pictures. Knows the engine, knows nothing of the window."""
