# One server of the app. Three of them behind nginx: compose.yaml.
FROM python:3.12-slim

RUN useradd --create-home reader
WORKDIR /app

# pyproject.toml tells uv to take the CPU build of torch; the plain one brings several GB of CUDA.
COPY requirements.txt pyproject.toml ./
RUN pip install --no-cache-dir uv && uv pip install --system --no-cache -r requirements.txt

COPY app.py ./
COPY .streamlit .streamlit
COPY lib lib
COPY pages pages

USER reader
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501", "--server.fileWatcherType=none"]
