# One server of the app. Three of them behind nginx: compose.yaml.
FROM python:3.12-slim

RUN useradd --create-home reader
WORKDIR /app

# The lock, not the requirements: today's image and tomorrow's hold the same files, byte for byte (.ci/lock renews it).
# pyproject.toml tells uv where the CPU build of torch is; the plain one brings several GB of CUDA.
COPY requirements.lock pyproject.toml ./
# Bytecode belongs in the image: its reader may write none, and without it the imports take two to three times as long.
RUN pip install --no-cache-dir uv==0.13.9 && \
    uv pip install --system --no-cache --compile-bytecode --require-hashes -r requirements.lock

COPY app.py ./
COPY .streamlit .streamlit
COPY lib lib
COPY pages pages
RUN python -m compileall -q lib

USER reader
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501", "--server.fileWatcherType=none"]
