"""A run of an entscope study each night: one task a stage, so that the view of Airflow shows where it stands.

A stage that has been done is not done again, so that a task may be retried at will. Exit 75 is what may pass by
itself, 6 that another run is under way: Airflow retries both. Exit 3 is done with warnings: the task succeeds and its log says which. Every other code needs a
person: the task fails at once.
"""

import subprocess
from datetime import datetime, timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

STUDY = "/var/lib/entscope/NAME/study.toml"
SHARDS = 0  # tasks that decode deliveries at once, before ingest takes what they have decoded; 0: ingest alone


def entscope(*args: str) -> None:
    """Run entscope with its exit code as Airflow's outcome."""
    done = subprocess.run(["entscope", *args, "--log-format", "json"], check=False)
    if done.returncode in (0, 3):
        return
    if done.returncode in (6, 75):
        raise RuntimeError("entscope asks to be tried again")
    raise AirflowFailException(f"entscope ended with {done.returncode}: see entscope help exit-codes")


@dag(
    schedule="30 2 * * *",
    start_date=datetime(2026, 9, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 6, "retry_delay": timedelta(minutes=15)},
    tags=["entscope"],
)
def entscope_study():
    def until(stage: str, **options):
        return task(task_id=stage, **options)(entscope)("run", STUDY, "--until", stage)

    @task(task_id="shard")
    def decode(shard: int) -> None:
        entscope("ingest", STUDY, "--shard", f"{shard}/{SHARDS}")

    before = until("pull")
    ingest = until("ingest", trigger_rule="all_done" if SHARDS else "all_success")
    if SHARDS:  # what a shard that failed has not decoded, ingest decodes
        before = before >> decode.expand(shard=list(range(1, SHARDS + 1)))
    before >> ingest >> until("anonymize") >> until("report")


entscope_study()
