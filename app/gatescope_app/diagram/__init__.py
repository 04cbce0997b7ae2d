"""The recurrent cell as a drawing that carries its numbers."""
