"""Files into the register: seeds now, datasets later. All of it goes through `record`."""
