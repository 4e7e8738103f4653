# Documents by python's writers (python-docx, openpyxl, reportlab) and pictures by Pillow; jobs as JSON on stdin.
import json
import random
import sys

import numpy
from PIL import Image, ImageFilter


def docx(job):
    from docx import Document

    document = Document()
    document.core_properties.title = job["title"]
    document.sections[0].header.paragraphs[0].text = job["header"]
    for block in job["blocks"]:
        kind = block["kind"]
        if kind == "table":
            table = document.add_table(rows=0, cols=len(block["rows"][0]))
            for row in block["rows"]:
                for cell, text in zip(table.add_row().cells, row):
                    cell.text = text
        elif kind == "list":
            for item in block["items"]:
                document.add_paragraph(item, style="List Number")
        elif kind == "title":
            document.add_heading(block["text"], 0)
        elif kind == "heading":
            document.add_heading(block["text"], 1)
        else:
            paragraph = document.add_paragraph()
            text = block["text"]
            # Word cuts a paragraph into runs wherever somebody once typed.
            for at in range(0, len(text), 7):
                paragraph.add_run(text[at : at + 7]).bold = at % 3 == 0
    document.save(job["out"])


def xlsx(job):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in job["sheets"]:
        page = book.create_sheet(sheet["name"])
        for row in sheet["rows"]:
            page.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
        page.merge_cells("A1:E1")
    book.save(job["out"])


def reportlab(job):
    """The font is only named (STSong-Light), as in most PDFs made by programs."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("song", fontName="STSong-Light", fontSize=11, leading=17, wordWrap="CJK")
    columns = job.get("columns", 1)
    wide = (A4[0] - 100 - (columns - 1) * 20) / columns
    frames = [Frame(50 + at * (wide + 20), 60, wide, A4[1] - 120, 0, 0, 0, 0) for at in range(columns)]

    def above(canvas, _):
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(50, A4[1] - 40, job["header"])

    def safe(text):
        return text.replace("&", "&amp;").replace("<", "&lt;")

    story = []
    for block in job["blocks"]:
        kind = block["kind"]
        if kind == "table":
            widths = [wide * share for share in (0.07, 0.12, 0.17, 0.5, 0.14)]
            rows = [[Paragraph(safe(cell), style) for cell in row] for row in block["rows"]]
            story.append(Table(rows, widths, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]))
        elif kind == "list":
            story += [Paragraph(f"{at + 1}. {safe(item)}", style) for at, item in enumerate(block["items"])]
        else:
            story.append(Paragraph(safe(block["text"]), style))
    document = BaseDocTemplate(job["out"], pagesize=A4, title=job["title"])
    document.addPageTemplates([PageTemplate("p", frames, onPage=above if job.get("withHeader") else lambda *_: None)])
    document.build(story)


def scan(job):
    """What a flatbed scanner makes of a page: grey or black, a little askew, a little dust."""
    pages = [Image.open(path).convert("L") for path in job["pages"]]
    noise = random.Random(job["seed"])
    done = []
    for page in pages:
        if job.get("crop"):
            page = page.crop(job["crop"])
        if job.get("angle"):
            page = page.rotate(job["angle"], Image.BICUBIC, fillcolor=255)
        if job.get("dust"):
            grey = numpy.asarray(page).astype("int16")
            grey = grey + numpy.random.default_rng(job["seed"]).normal(0, 6, grey.shape)
            page = Image.fromarray(grey.clip(0, 255).astype("uint8"))
            for _ in range(60):
                at = (noise.randrange(page.width), noise.randrange(page.height))
                page.paste(90, (at[0], at[1], at[0] + 2, at[1] + 2))
        if job.get("black"):
            page = page.point(lambda value: 255 if value > 150 else 0).convert("1")
        done.append(page)
    options = {"resolution": 200.0} if job["out"].endswith(".pdf") else {"dpi": (200, 200)}
    if job["out"].endswith(".jpg"):
        options["quality"] = 80
    if job["out"].endswith(".tif"):
        options["compression"] = "group4" if job.get("black") else "tiff_lzw"
    if len(done) > 1:
        options.update(save_all=True, append_images=done[1:])
    done[0].save(job["out"], **options)


def photo(job):
    """A printed page on a desk, by telephone: in perspective, turned, shaded, slightly out of focus."""
    page = Image.open(job["pages"][0]).convert("RGB")
    wide, high = 2400, 3200
    lean, angle = job["lean"], job["angle"]
    # Where the four corners of the page come to lie.
    corners = [
        (150 + lean * 900, 180),
        (wide - 150 - lean * 600, 180 + lean * 300),
        (wide - 120, high - 160),
        (120, high - 160 - lean * 250),
    ]
    matrix, wanted = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)]):
        matrix += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    numbers = numpy.linalg.solve(numpy.array(matrix, float), numpy.array(wanted, float))
    paper = page.transform((wide, high), Image.PERSPECTIVE, numbers, Image.BICUBIC)
    mask = Image.new("L", page.size, 255).transform((wide, high), Image.PERSPECTIVE, numbers, Image.BICUBIC)
    desk = Image.new("RGB", (wide, high), (104, 84, 62))
    desk.paste(paper, mask=mask)
    desk = desk.rotate(angle, Image.BICUBIC, fillcolor=(104, 84, 62)).filter(ImageFilter.GaussianBlur(job["blur"]))
    light = numpy.asarray(desk).astype("float32")
    across = numpy.linspace(1.0, 1.0 - job["shadow"], wide)[None, :, None]
    down = numpy.linspace(1.0, 1.0 - job["shadow"] / 2, high)[:, None, None]
    light = light * across * down * numpy.array([1.0, 0.97, 0.9])
    light += numpy.random.default_rng(job["seed"]).normal(0, job.get("noise", 5), light.shape)
    if job.get("curl"):
        # A page bound at its side: every column of pixels is shifted along a bow.
        bow = (job["curl"] * numpy.sin(numpy.linspace(0, numpy.pi, wide))).astype(int)
        for column, shift in enumerate(bow):
            light[:, column] = numpy.roll(light[:, column], shift, axis=0)
    done = Image.fromarray(light.clip(0, 255).astype("uint8"))
    if job.get("size"):
        done = done.resize((int(wide * job["size"]), int(high * job["size"])), Image.LANCZOS)
    if job.get("turned"):
        done = done.rotate(job["turned"], expand=True)
    done.save(job["out"], quality=job.get("quality", 78), **({"exif": exif(job["exif"])} if job.get("exif") else {}))


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


for one in json.load(sys.stdin):
    globals()[one["make"]](one)
