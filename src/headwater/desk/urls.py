"""The desk's addresses."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from headwater.desk.investigate import outcomes
from headwater.desk.investigate import views as investigate
from headwater.desk.views import (
    cases,
    changes,
    docs,
    evidence,
    handoffs,
    patterns,
    playbooks,
    session,
)

app_name = "desk"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:queue"), name="home"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("theme/", session.set_theme, name="theme"),
    path("cases/", cases.queue, name="queue"),
    path("cases/<str:case_id>/", cases.case, name="case"),
    path("cases/<str:case_id>/write/", changes.write, name="write"),
    path("cases/<str:case_id>/assign/", changes.assign, name="assign"),
    path("cases/<str:case_id>/snooze/", changes.snooze, name="snooze"),
    path("cases/<str:case_id>/engineering/", changes.wait_engineering, name="wait_engineering"),
    path("cases/<str:case_id>/escalate/", handoffs.escalate, name="escalate"),
    path("cases/<str:case_id>/handoffs/<str:handoff_id>/", handoffs.handoff, name="handoff"),
    re_path(
        r"^cases/(?P<case_id>[^/]+)/handoffs/(?P<handoff_id>[^/]+)/file\.(?P<form>md|json)$",
        handoffs.handoff_file,
        name="handoff_file",
    ),
    path("cases/<str:case_id>/take-back/", changes.take_back, name="take_back"),
    path("cases/<str:case_id>/solve/", changes.solve, name="solve"),
    path("cases/<str:case_id>/findings/<int:rank>/", cases.finding, name="finding"),
    path("cases/<str:case_id>/findings/<int:rank>/use/", changes.use_finding, name="use_finding"),
    path("cases/<str:case_id>/verification/", changes.ask_verification, name="ask_verification"),
    path("cases/<str:case_id>/messages/<str:message_id>/resend/", changes.resend, name="resend"),
    path("cases/<str:case_id>/mails/<str:mail_id>/", cases.raw_mail, name="raw_mail"),
    path("cases/<str:case_id>/evidence/<str:evidence_id>/", outcomes.evidence, name="evidence"),
    path("investigate/", investigate.page, name="investigate"),
    path("investigate/run/", investigate.run, name="investigate_start"),
    path("investigate/plan/", investigate.plan, name="investigate_plan"),
    path("investigate/fields/", investigate.fields, name="investigate_fields"),
    path("investigate/words/", investigate.words, name="investigate_words"),
    path("investigate/save/", outcomes.keep, name="investigate_save"),
    path("investigate/saved/<str:saved_id>/forget/", outcomes.forget, name="investigate_forget"),
    path("investigate/runs/<str:run_id>/", investigate.result, name="investigate_run"),
    path("investigate/runs/<str:run_id>/stop/", investigate.stop, name="investigate_stop"),
    path("investigate/runs/<str:run_id>/attach/", outcomes.attach, name="investigate_attach"),
    path("investigate/runs/<str:run_id>/step/", outcomes.step, name="investigate_step"),
    path(
        "investigate/runs/<str:run_id>/rows.csv",
        outcomes.export,
        {"form": "csv"},
        name="investigate_csv",
    ),
    path(
        "investigate/runs/<str:run_id>/rows.parquet",
        outcomes.export,
        {"form": "parquet"},
        name="investigate_parquet",
    ),
    path("docs/", docs.docs, name="docs"),
    path("docs/record/", docs.record, name="docs_record"),
    path("evidence/", evidence.evidence, name="evidence_check"),
    path("playbooks/", playbooks.playbook_list, name="playbooks"),
    path("playbooks/<str:playbook_id>/", playbooks.playbook, name="playbook"),
    path("patterns/", patterns.patterns, name="patterns"),
]
