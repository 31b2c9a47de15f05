"""The tools: repair dates are counted, a draw is made, saved and verified, and a register is looked through for what is wrong.

tools.py --root PREFIX [--out FOLDER]: works with a demo county as the credit office would. Ends with `tools: OK`; exit code 77 where there is no
display server or accessibility tree to be had."""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402

MATTER = "2026年下半年农产品质量抽查"
SEED = "20261122-0731"


class Tools(Story):
    name, households = "tools", 500

    # --- the steps

    def repair_dates_are_counted(self):
        self.client.open("修复期限计算")
        self.client.enter("决定（认定）日期", "2025-11-30")
        self.client.enter("申请修复日期", "2026-12-28")
        self.client.sees("2026-02-28")
        self.client.sees("2027-01-07 ※")
        self.client.sees("2027年放假安排未发布")
        self.client.click(self.client.find("36号令：一般失信"))
        self.client.sees("最早可修复：2026-02-28（3个月")
        self.step("repair", "three months after 30 November is 28 February; an answer due in a year without a calendar is marked")

    def a_draw_is_saved_and_verified(self):
        self.client.open("双随机抽取")
        self.client.enter("抽查事项", MATTER)
        self.client.enter("随机种子", SEED)
        self.client.press("抽取")
        self.client.sees("名单摘要值")
        self.client.press("保存", role="push button")
        self.client.sees("已保存，并为每个对象生成了检查任务")
        self.desk.wait_for(lambda: self.sql("SELECT 1 FROM k_draw WHERE seed = ?", SEED), "the draw on the server")
        drawn = self.sql("SELECT drawn_count FROM k_draw WHERE seed = ?", SEED)[0][0]
        tasks = "SELECT count(*) FROM k_farm_inspection JOIN record USING (rid) WHERE state = 'planned' AND updated_by = 'office'"
        self.desk.wait_for(lambda: self.sql(tasks)[0][0] >= drawn, "the tasks on the server")
        self.client.open("双随机抽取记录")
        self.desk.wait_for(lambda: [row for row in self.client.rows() if MATTER in self.client.text_of(row)], "the draw in the list")
        self.client.open_row(MATTER)
        self.client.press("复核抽取")
        self.client.press("复核")
        self.client.sees("一致：")
        self.step("draw", f"{drawn} are drawn, recorded with their tasks, and drawn again the same")

    def late_registers(self):
        """Labels of those in which something is overdue: most registers of the county are in order."""
        late = {kind for kind, in self.sql("SELECT DISTINCT kind FROM record WHERE due < date('now')")}
        for path in glob.glob(f"{self.root}/share/xinheng/catalog/kinds/*.json"):
            with open(path, encoding="utf-8") as text:
                kind = json.load(text)
            if kind["name"] in late:
                yield kind["label"]["zh"]

    def a_fault_is_listed_and_opened(self):
        late = set(self.late_registers())
        self.client.open("数据质量")
        self.client.press(contains="登记表：")
        self.client.settle()
        penalty = self.desk.wait_for(lambda: self.client.find_all("行政处罚", "list item")[-1:], "the list of registers")[0]
        self.client.click(next(item for item in penalty.parent.children if item.name in late))
        self.client.press("检查")
        self.client.sees("共检查")
        self.step("quality", "the register is looked through, and what is late is listed")
        self.client.keys("Down", "Up", "Return")
        self.client.find("保存", "push button")
        self.step("opened", "Enter opens the record")

    def tell(self):
        self.repair_dates_are_counted()
        self.a_fault_is_listed_and_opened()
        self.a_draw_is_saved_and_verified()


run(Tools)
