# The image holds the binary and nothing else: no shell, no package manager, not root. `.ci/release dist` builds the
# binaries; then: docker build --build-arg TARGETARCH=amd64 -t entscope .
# Run it with the study on a volume: docker run --rm -v "$PWD:/study" --user "$(id -u)" entscope run /study/study.toml
FROM gcr.io/distroless/base-debian12:nonroot
ARG TARGETARCH=amd64
COPY dist/entscope-linux-${TARGETARCH} /usr/bin/entscope
COPY dist/NOTICE /usr/share/doc/entscope/NOTICE
USER 65532:65532
ENTRYPOINT ["/usr/bin/entscope"]
