//go:build servers

package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/entscope/entscope/anonymize/zone"
)

// BenchmarkStore measures what it costs to keep the restricted zone on the S3 server that .ci/servers has started, on a
// region of ENTSCOPE_BENCH_PARENTS parents (2,000 by default): processor and wall time of an ingestion into a folder
// (folder-cpu-s, folder-s) and into a zone on the store (store-cpu-s, store-s), of the ingestion after it, to which
// nothing is new (again-…), and of one on a machine that has no folder yet (fresh-…); put-MiB and got-MiB are those of
// the connection, with TLS. The zones have the same bytes, as has the edition of the last.
func BenchmarkStore(b *testing.B) {
	binary := mainBinary(b)
	region := filepath.Join(b.TempDir(), "region")
	file, restricted := filepath.Join(region, "study.toml"), filepath.Join(region, "restricted")
	costs(b, binary, "simulate", "--out", region, "--seed", "1", "--parents", cmp.Or(os.Getenv("ENTSCOPE_BENCH_PARENTS"), "2000"))
	costs(b, binary, "key", "init", "--out", filepath.Join(region, "master.key"))
	folderStudy, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	wire := newWire(b, bucketOfServers(b))
	dir := os.Getenv("ENTSCOPE_SERVERS")
	storeStudy := fmt.Appendf(folderStudy[:len(folderStudy):len(folderStudy)], "\n[store]\nurl = \"https://%s\"\n"+
		"bucket = \"bench\"\nprefix = %q\nuser = \"pull\"\npassword_file = %q\nca_file = %q\n", wire.address,
		filepath.Base(filepath.Dir(filepath.Dir(region))), filepath.Join(dir, "secret"), filepath.Join(dir, "ca.pem"))
	study := func(text []byte) {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	same := func(what string, got, want map[string]string) {
		if len(got) != len(want) {
			b.Errorf("%s: %d files, not %d", what, len(got), len(want))
		}
		for name, data := range got {
			if want[name] != data {
				b.Errorf("%s: %s differs", what, name)
			}
		}
	}
	for b.Loop() {
		forget(b, region)
		folder := costs(b, binary, "ingest", file)
		want := tree(b, restricted)
		costs(b, binary, "anonymize", file)
		editions := tree(b, filepath.Join(region, "editions"))
		b.ReportMetric(folder.seconds, "folder-cpu-s")
		b.ReportMetric(folder.wall, "folder-s")

		forget(b, region)
		study(storeStudy)
		for _, of := range []string{"store", "again", "fresh"} {
			if of == "fresh" {
				if err := os.RemoveAll(restricted); err != nil {
					b.Fatal(err)
				}
			}
			wire.put.Store(0)
			wire.got.Store(0)
			c := costs(b, binary, "ingest", file)
			b.ReportMetric(c.seconds, of+"-cpu-s")
			b.ReportMetric(c.wall, of+"-s")
			b.ReportMetric(float64(wire.put.Load())/(1<<20), of+"-put-MiB")
			b.ReportMetric(float64(wire.got.Load())/(1<<20), of+"-got-MiB")
			files := tree(b, restricted)
			delete(files, zone.CacheName)
			same(of, files, want)
		}
		costs(b, binary, "anonymize", file)
		same("editions", tree(b, filepath.Join(region, "editions")), editions)
		costs(b, binary, "key", "destroy", file, "--yes")
	}
}

// bucketOfServers makes the bucket on the S3 server of .ci/servers, and gives the server's address.
func bucketOfServers(b *testing.B) string {
	b.Helper()
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(os.Getenv("ENTSCOPE_SERVERS"), name))
		if err != nil {
			b.Fatal(err)
		}
		return strings.TrimSpace(string(data))
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(read("ca.pem")))
	client, err := minio.New(read("s3"), &minio.Options{Creds: credentials.NewStaticV4("pull", read("secret"), ""),
		Secure: true, Region: "us-east-1",
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}})
	if err != nil {
		b.Fatal(err)
	}
	err = client.MakeBucket(b.Context(), "bench", minio.MakeBucketOptions{})
	if err != nil && minio.ToErrorResponse(err).Code != minio.BucketAlreadyOwnedByYou {
		b.Fatal(err)
	}
	return read("s3")
}

// wire leads connections to a server, and counts their bytes.
type wire struct {
	address  string
	put, got atomic.Int64
}

func newWire(b *testing.B, to string) *wire {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	w := &wire{address: listener.Addr().String()}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			go carry(far, near, &w.put)
			go carry(near, far, &w.got)
		}
	}()
	return w
}

// carry copies until one side ends, and ends the other.
func carry(to, from net.Conn, bytes *atomic.Int64) {
	_, _ = io.Copy(io.MultiWriter(to, counter{bytes}), from)
	to.Close()
}

type counter struct{ n *atomic.Int64 }

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}
