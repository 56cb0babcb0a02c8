//go:build servers

package lake

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/entscope/entscope/ingest/source"
)

// served is a bucket of the server that .ci/servers started.
func served(t *testing.T, bucket string) (source.Remote, *minio.Client) {
	t.Helper()
	dir := os.Getenv("ENTSCOPE_SERVERS")
	if dir == "" {
		t.Fatal("ENTSCOPE_SERVERS is not set: run .ci/servers")
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(data))
	}
	r := source.Remote{Kind: "s3", URL: "https://" + read("s3"), Bucket: bucket, Prefix: "zone/", User: "pull",
		PasswordFile: filepath.Join(dir, "secret"), CAFile: filepath.Join(dir, "ca.pem")}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(read("ca.pem")))
	client, err := minio.New(read("s3"), &minio.Options{Creds: credentials.NewStaticV4("pull", read("secret"), ""),
		Secure: true, Region: "us-east-1", Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.MakeBucket(context.Background(), bucket, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return r, client
}

// TestServerStore: a real server takes conditional puts; two machines share a zone, and nothing of it is left.
func TestServerStore(t *testing.T) {
	remote, client := served(t, "lake")
	a, b := newMachine(t, remote), newMachine(t, remote)
	a.must(a.run("2025-09-29"))
	atA, atB := a.fetched(), b.fetched()
	same(t, "another cache", b.files(), a.files())
	a.ingest("2025-09-29", "2025-09-30")
	b.ingest("2025-09-29", "2025-10-01")
	a.must(atA.Commit(t.Context()))
	if err := atB.Commit(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("the second: %v, want ErrLost", err)
	}
	b.must(b.run("2025-09-29", "2025-10-01"))
	a.fetched()
	same(t, "the first again", a.files(), b.files())

	wrong := remote
	wrong.User = "nobody"
	c := newMachine(t, wrong)
	if err := c.open().Fetch(t.Context()); !errors.Is(err, source.ErrDenied) {
		t.Errorf("a wrong key: %v", err)
	}
	a.must(a.open().Destroy(t.Context()))
	for object := range client.ListObjects(t.Context(), "lake", minio.ListObjectsOptions{Recursive: true}) {
		t.Errorf("%s is left (%v)", object.Key, object.Err)
	}
}
