"""How a till's rows become facts: a YAML file, typed, and the small steps that carry it out."""
