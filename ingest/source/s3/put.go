package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/minio/minio-go/v7"

	"github.com/entscope/entscope/ingest/source"
)

// ErrThere is an object that another writer put under the name first.
var ErrThere = errors.New("an object of that name is there already")

// Put makes an object of size bytes in one step, unless its name is taken: then the error wraps ErrThere, and nothing
// changes. The store is told the SHA-256 of the bytes (in hexadecimal digits) and refuses others.
func (s *Server) Put(ctx context.Context, name string, body io.ReadSeeker, size int64, sha256 string) error {
	o := minio.PutObjectOptions{
		ContentType:          "application/octet-stream",
		DisableContentSha256: true, // the sum that we give is sent, and no other
	}
	o.SetMatchETagExcept("*")
	core := minio.Core{Client: s.client}
	_, err := core.PutObject(ctx, s.bucket, s.prefix+name, body, size, "", sha256, o)
	var answer minio.ErrorResponse
	if errors.As(err, &answer) {
		switch answer.StatusCode {
		case http.StatusPreconditionFailed:
			return fmt.Errorf("s3: %s: %w", s.host, ErrThere)
		case http.StatusConflict: // another writer is at it: the next attempt knows who was first
			return fmt.Errorf("s3: %s: %w: two writers at once", s.host, source.ErrTemporary)
		}
	}
	if err != nil {
		return s.fault(err)
	}
	return nil
}

// Remove removes an object; one that is not there is removed already.
func (s *Server) Remove(ctx context.Context, name string) error {
	if err := s.client.RemoveObject(ctx, s.bucket, s.prefix+name, minio.RemoveObjectOptions{}); err != nil {
		if err = s.fault(err); !errors.Is(err, source.ErrGone) {
			return err
		}
	}
	return nil
}

// Versioned reports whether the bucket keeps what is removed.
func (s *Server) Versioned(ctx context.Context) (bool, error) {
	config, err := s.client.GetBucketVersioning(ctx, s.bucket)
	var answer minio.ErrorResponse
	if errors.As(err, &answer) && answer.StatusCode == http.StatusNotImplemented {
		return false, nil // a store without versions
	}
	if err != nil {
		return false, s.fault(err)
	}
	return config.Status != "", nil
}
