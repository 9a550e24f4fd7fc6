"""The main job: latents through the simulated Generator, every pixel against the golden model."""
