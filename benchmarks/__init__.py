"""How fast the portal is with millions of applications. Figures of one run only, and ratios where anything is demanded.

python -m benchmarks            every benchmark, then docs/performance.md
python -m benchmarks.lists      one of them
"""
