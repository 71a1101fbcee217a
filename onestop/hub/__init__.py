"""The hub of an office or a province: takes in what desks recorded, numbers it, gives it on."""
