"""How a report looks: pictures as SVG, the whole as tagged PDF, the tables as CSV and XLSX."""
