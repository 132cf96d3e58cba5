"""Values as people read them: numbers, money, days."""
