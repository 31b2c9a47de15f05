"""A paper is previewed, zoomed and printed from a record, and one of all that are ticked from the list.

print.py --root PREFIX [--out FOLDER]. Ends with `print: OK`; exit code 77 where there is no display server or accessibility tree."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402


class Print(Story):
    name = "print"

    def open_first_paper_menu(self):
        self.client.click(self.desk.wait_for(self.client.rows, "the rows of the list")[0])
        self.client.click(self.client.find("打印文书"))
        self.client.settle()

    def tell(self):
        self.client.wait_for_all_records()
        sidebar = self.client.find("登记表", "list")
        self.client.choose("承诺", within=sidebar)
        self.client.settle()
        self.client.choose("信用承诺", within=sidebar)
        self.open_first_paper_menu()
        self.step("menu", "the record offers its papers")
        self.client.press("信用承诺书", role=("menu item", "push button", "button"))
        self.client.find("第1页，共1页")
        self.step("preview", "the paper is shown with its pages")
        self.client.press("放大")
        self.client.settle()
        self.step("zoom", "the paper is larger")
        self.client.press("缩小")
        self.client.choose("档案", within=sidebar)
        self.client.settle()
        self.client.choose("单位档案", within=sidebar)
        self.open_first_paper_menu()
        self.client.press("信用报告…", role=("menu item", "push button", "button"))
        self.client.find(contains="登记并打印", role="push button")
        self.client.focus()
        self.step("ask", "edition, purpose and who asks")
        self.client.press(contains="登记并打印", role="push button")
        self.client.gone(contains="登记并打印")
        self.client.focus()
        self.client.find(contains="第1页，共")
        self.step("report", "the report has its number and is shown")


run(Print)
