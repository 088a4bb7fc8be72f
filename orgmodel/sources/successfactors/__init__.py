"""SAP SuccessFactors Employee Central by OData v2: employments, their dated jobs, departments, divisions."""

from .declared import SOURCE
from .reader import SuccessFactorsReader

__all__ = ["SOURCE", "SuccessFactorsReader"]
