package remote

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

// Between two attempts, as the official plugin's retry.Until pauses (source: pulumi/sdk, go/common/util/retry).
const (
	firstPause  = 100 * time.Millisecond
	pauseFactor = 1.5
	longPause   = 5 * time.Second
)

// dial connects to the remote host, through the jump host if there is one. All that goes wrong on the way through a
// jump host is the proxy's fault in the error, as with the official plugin.
func (c *Connection) dial(ctx context.Context) (*ssh.Client, error) {
	config, err := c.clientConfig()
	if err != nil {
		return nil, err
	}
	if c.Proxy == nil {
		return c.connect(ctx, "Dial", config)
	}
	client, err := c.dialThroughProxy(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return client, nil
}

func (c *Connection) dialThroughProxy(ctx context.Context, config *ssh.ClientConfig) (*ssh.Client, error) {
	proxyConfig, err := c.Proxy.clientConfig()
	if err != nil {
		return nil, err
	}
	proxy, err := c.Proxy.connect(ctx, "Dial proxy", proxyConfig)
	if err != nil {
		return nil, err
	}
	conn, err := retry(ctx, "Dial from proxy", c.dialErrorLimit(), func() (net.Conn, error) {
		return proxy.Dial("tcp", c.address())
	})
	if err != nil {
		return nil, err
	}
	// Every attempt uses this one connection, which the first failure closes: the error of the last one is that it is
	// closed, whatever the reason was.
	return retry(ctx, "Dial", c.dialErrorLimit(), func() (*ssh.Client, error) {
		connection, channels, requests, err := ssh.NewClientConn(conn, c.address(), config)
		if err != nil {
			return nil, err
		}
		return ssh.NewClient(connection, channels, requests), nil
	})
}

func (e *Endpoint) connect(ctx context.Context, what string, config *ssh.ClientConfig) (*ssh.Client, error) {
	return retry(ctx, what, e.dialErrorLimit(), func() (*ssh.Client, error) {
		return ssh.Dial("tcp", e.address(), config)
	})
}

// retry attempts until it succeeds, ctx is done, or more than limit attempts have failed; a negative limit is none. The
// error counts the failures before the last. An attempt that is under way is not broken off.
func retry[T any](ctx context.Context, what string, limit int, attempt func() (T, error)) (T, error) {
	limitText := strconv.Itoa(limit)
	if limit < 0 {
		limitText = "inf"
	}
	pause := firstPause
	for failed := 0; ; failed++ {
		result, err := attempt()
		if err == nil {
			return result, nil
		}
		if limit >= 0 && failed >= limit {
			return result, fmt.Errorf("after %d failed attempts: %w", failed, err)
		}
		p.GetLogger(ctx).InfoStatusf("%s %d/%s failed: retrying", what, failed+1, limitText)
		select {
		case <-ctx.Done():
			return result, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(time.Duration(float64(pause)*pauseFactor), longPause)
	}
}

func (e *Endpoint) dialErrorLimit() int { return valueOr(e.DialErrorLimit, defaultDialErrorLimit) }

func (e *Endpoint) address() string {
	return net.JoinHostPort(valueOr(e.Host, ""), strconv.Itoa(int(valueOr(e.Port, defaultPort))))
}

func valueOr[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
