"""The end of every story that costs something: the clerk bills it in a browser, the bank's file pays it."""

from tecum.billing.queries import papers, recomputing
from tecum.billing.states import InvoiceState
from tests import make


def paid_in_the_browser(visitor, case, *, now, folder, lines, shot=""):
    """Let the clerk make the invoice on the page, and pay it by a bank's file; `lines` are fee → amount as printed."""
    clerk = make.person("Bess Oduya", roles=["billing"], now=now)
    by = make.acting(clerk, stepped_up_at=now)
    desk = visitor.sign_in(clerk)
    page = desk.page
    desk.go(f"/billing/cases/{case}/")
    page.get_by_role("link", name="Make the invoice").click()
    page.get_by_role("button", name="Make the invoice").click()
    page.get_by_text("is made. It is not sent yet").wait_for()
    desk.check(shot)
    [row] = papers.invoices(by=by, now=now).rows
    view = papers.invoice(id=row.id, by=by, now=now)
    assert sorted((line.fee, str(line.amount)) for line in view.lines) == sorted(lines.items())
    file = folder / "bank.csv"
    owed = f"{view.total.cents / 100:.2f}"
    file.write_text(
        f"reference,received_on,amount,currency,payer,text\nB-1,{now:%Y-%m-%d},{owed},USD,County,{view.number}\n"
    )
    desk.go("/billing/payments/")
    page.get_by_label("The bank’s file").set_input_files(file)
    page.get_by_role("button", name="Take the payments in").click()
    page.get_by_text("1 matched").first.wait_for()
    assert papers.invoice(id=view.id, by=by, now=now).state is InvoiceState.PAID
    assert [each.agrees for each in recomputing.recompute(case=case, by=by, now=now)] == [True]
