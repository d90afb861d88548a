"""Measuring: tasks that load real data and score a recipe through the front door, and the runner that records it."""
