"""Made-up applications of every outcome, for demonstrations and benchmarks. Nobody in them exists."""
