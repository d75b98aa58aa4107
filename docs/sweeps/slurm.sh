#!/bin/bash
# sbatch docs/sweeps/slurm.sh; afterwards: npx simloop results part-*.jsonl --html report.html
#SBATCH --job-name=simloop-sweep
#SBATCH --array=0-15
#SBATCH --cpus-per-task=8
#SBATCH --requeue
npx simloop sweep ./bank.ts --seeds 0..999999 --shard auto --workers "$SLURM_CPUS_PER_TASK" \
  --results "part-$SLURM_ARRAY_TASK_ID.jsonl" --resume
