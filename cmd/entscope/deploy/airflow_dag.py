"""A run of an entscope study each night: one task a stage, so that the view of Airflow shows where it stands.

A stage that has been done is not done again, so that a task may be retried at will. Exit 75 is what may pass by itself:
Airflow retries it. Exit 3 is done with warnings: the task succeeds and its log says which. Every other code needs a
person: the task fails at once.
"""

import subprocess
from datetime import datetime, timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

STUDY = "/var/lib/entscope/NAME/study.toml"


def entscope(stage: str) -> None:
    """Run the study up to a stage, with its exit code as Airflow's outcome."""
    done = subprocess.run(["entscope", "run", STUDY, "--until", stage, "--log-format", "json"], check=False)
    if done.returncode in (0, 3):
        return
    if done.returncode == 75:
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
    before = None
    for stage in ["pull", "ingest", "anonymize", "report"]:
        this = task(task_id=stage)(entscope)(stage)
        if before is not None:
            before >> this
        before = this


entscope_study()
