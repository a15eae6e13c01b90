"""What all emulators stand on: listening, answering, going wrong on order, remembering, being controlled."""
