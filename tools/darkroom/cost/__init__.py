"""What Darkroom costs on AWS: `make cost`. Prices, a photo's requests, what an environment has, and the plans of peers
are data (the JSON files beside this one); the modules multiply them."""
