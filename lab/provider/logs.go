package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"strings"
	"sync"
	"time"

	"github.com/openfaas/faas-provider/logs"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// podLogs reads what the pods of a function have written.
type podLogs struct {
	client    kubernetes.Interface
	namespace string
}

// Query answers faas-cli logs. The channel is closed when there is no more to come.
func (p *podLogs) Query(ctx context.Context, r logs.Request) (<-chan logs.Message, error) {
	pods, err := p.client.CoreV1().Pods(p.namespace).List(ctx, meta.ListOptions{LabelSelector: label + "=" + r.Name})
	if err != nil {
		return nil, err
	}
	if len(pods.Items) == 0 {
		return nil, errors.New("function " + r.Name + " has no pod")
	}
	messages := make(chan logs.Message)
	var reading sync.WaitGroup
	for _, pod := range pods.Items {
		if r.Instance != "" && r.Instance != pod.Name {
			continue
		}
		reading.Add(1)
		go func() {
			defer reading.Done()
			if err := p.follow(ctx, pod.Name, r, messages); err != nil && ctx.Err() == nil {
				log.Printf("logs of pod %s: %v", pod.Name, err)
			}
		}()
	}
	go func() {
		reading.Wait()
		close(messages)
	}()
	return messages, nil
}

func (p *podLogs) follow(ctx context.Context, pod string, r logs.Request, into chan<- logs.Message) error {
	stream, err := p.client.CoreV1().Pods(p.namespace).GetLogs(pod, options(r)).Stream(ctx)
	if err != nil {
		return err
	}
	defer stream.Close()
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			select {
			case into <- p.message(pod, r.Name, strings.TrimSuffix(line, "\n")):
			case <-ctx.Done():
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func options(r logs.Request) *core.PodLogOptions {
	options := &core.PodLogOptions{Follow: r.Follow, Timestamps: true}
	if r.Tail > 0 {
		tail := int64(r.Tail)
		options.TailLines = &tail
	}
	if r.Since != nil {
		since := meta.NewTime(*r.Since)
		options.SinceTime = &since
	}
	return options
}

// message takes apart a line that begins with the time, as Kubernetes was asked to write it.
func (p *podLogs) message(pod, function, line string) logs.Message {
	written, text, _ := strings.Cut(line, " ")
	at, err := time.Parse(time.RFC3339Nano, written)
	if err != nil {
		at, text = time.Now(), line
	}
	return logs.Message{Name: function, Namespace: p.namespace, Instance: pod, Timestamp: at, Text: text}
}
